/** The options of `run start`. */
export type StartOptions = {
  rig: string;
  specimen: string;
  product?: string;
  lot?: string;
  set: string[];
  constant?: string[];
  virtual?: boolean;
  seed: string;
  records?: string;
  state?: string;
  json?: boolean;
  token?: string;
  saw?: string;
  follow?: boolean;
  wait?: boolean;
};
