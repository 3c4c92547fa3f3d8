/** A product file: one bearing or reducer designation with ratings and geometry. */
import { Named, OneOf, type Static, Strict, Type } from "../base/schema.js";

export const productKinds = [
  "ball-bearing",
  "roller-bearing",
  "harmonic-reducer",
  "rv-reducer",
  "planetary-reducer",
] as const;
export type ProductKind = (typeof productKinds)[number];

/** What loads a specimen of each kind: its rated life is told for a load of this dimension. */
export const loadDimension: Record<ProductKind, "force" | "torque"> = {
  "ball-bearing": "force",
  "roller-bearing": "force",
  "harmonic-reducer": "torque",
  "rv-reducer": "torque",
  "planetary-reducer": "torque",
};

const Rating = Strict({
  value: Type.String({ description: 'a quantity, as "20.3 kN"; a plain number for ratios' }),
  source: Type.String({ minLength: 1, description: "catalogue or standard, with page" }),
  title: Type.Optional(Type.String()),
});

export const Product = Strict(
  {
    product: Type.String({
      pattern: "^[a-z0-9-]+/[a-z0-9-]+$",
      description: "kind/designation, as the file's path",
    }),
    kind: OneOf(productKinds),
    designation: Type.String({ minLength: 1 }),
    maker: Type.Optional(Type.String()),
    title: Type.String({ minLength: 1 }),
    ratings: Named("^[A-Za-z][A-Za-z0-9-]*$", Rating),
    ceilings: Type.Optional(
      Type.Record(
        Type.String(),
        Strict({ value: Type.String(), source: Type.String({ minLength: 1 }) }),
        {
          description:
            "role, or dimension (force, torque, speed) for every role of it: what no profile may exceed",
        },
      ),
    ),
    geometry: Type.Optional(
      Type.Record(
        Type.String(),
        Strict({ value: Type.String(), source: Type.String({ minLength: 1 }) }),
      ),
    ),
    note: Type.Optional(Type.String()),
  },
  { title: "product", $id: "product" },
);
export type Product = Static<typeof Product>;
