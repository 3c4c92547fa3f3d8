/**
 * What a reader of a result must know, each with a stable code (JSON carries the code, the terminal
 * the sentence), and what the data cannot answer at all.
 */
import { WearoutError } from "../base/error.js";

export const warningTable = {
  FEW_FAILURES: "fewer than five failures: the estimates may change much with the next one",
  ASYMPTOTIC_BOUNDS:
    "bounds rest on many failures and there are fewer than ten: they are too narrow and sit too high; use --bounds exact where it applies (complete data or one common end of test)",
  ASYMPTOTIC_COMPARISON:
    "tests and bounds rest on many failures and a set has fewer than ten: a p near the limit decides nothing",
  ASYMPTOTIC_FIT:
    "bounds and tests rest on many failures and there are fewer than ten: they are too narrow",
  BOUND_OPEN: "the data set no limit on one side of a bound; it is given as none (null in JSON)",
  ESTIMATE_OUTSIDE:
    "an estimate lies outside of its bounds: with so few failures maximum likelihood is off to one side, the bounds are not; trust the bounds",
  EXTRAPOLATION:
    "a life or reliability is asked beyond the data: the distribution is assumed to hold there too",
  STRESS_EXTRAPOLATION:
    "the stress of use lies outside the tested stresses: the relation is assumed to hold there, and the same mode to act",
  LEVEL_WITHOUT_FAILURE:
    "a stress level has no failure: it tells only that lives are long there, and tests little; what is free at it counts in the degrees of freedom all the same",
  RELATION_UNTESTED: "too few stress levels to test the relation: that it holds is assumed",
  RELATION_NO_REPEATS:
    "no stress level has failures enough for a life of its own: the relation is tested only against a curve",
  RELATION_LACKS_FIT:
    "the levels do not lie on the relation (likelihood-ratio test at the confidence given): another mode at high stress, or another relation",
  SHAPE_VARIES:
    "the shape differs between stress levels (likelihood-ratio test at the confidence given): the mode may change with stress, and no extrapolation holds then",
  LIFE_RISES_WITH_STRESS: "the estimated life grows with the stress: no acceleration was seen",
  CUMULATIVE_EXPOSURE:
    "steps add up by the cumulative exposure model: what is left depends on the share of life spent, not on the order of the steps; no data of one test can show that it holds",
  FAILURES_AT_ONE_STRESS:
    "all failures came at one stress: the relation rests on how little the other steps did",
  PSEUDO_LIVES:
    "lives are read off fitted paths and then taken as exact: the paths' own error is left out, and bounds are too narrow",
  PATH_EXTRAPOLATED:
    "a path meets the threshold after its last measurement: that it goes on as before is assumed",
  PATH_NEVER_REACHES:
    "a path leads away from the threshold: the specimen counts as a suspension at its last measurement",
  PATH_OF_TWO: "a path has two measurements only: nothing tells whether its kind is right",
  FIT_LACKING:
    "the distribution does not describe these lives (distance from the data, simulated level 1 %): look at the probability plot; mixed modes or lots, another distribution, or wrong data",
  MODES_MIXED:
    "failures of several modes are fitted as one: mixed modes bend the line; use --modes or --by-mode",
  OTHER_MODE_LEFT_OUT:
    "who was found failed by another mode at the first look is left out: nothing is known of its life in this one",
  SPECIMEN_TWICE:
    "a specimen stands in several rows and counts in each, as if there were several of its name",
  CORRECTION_SMALL_SAMPLE:
    "the unbiasing correction is published for complete data only; on censored data it is a rule of thumb",
  CORRECTION_POINT_ONLY:
    "the correction moves the shape and what follows from it; the bounds are those of the uncorrected estimate",
  RANKS_AT_MIDPOINT:
    "median ranks know no intervals: failures within an interval are placed at its middle; use --method mle",
  EXACT_STOPPED_BY_TIME:
    "a time ended the test, not a failure: the lower bounds take 2r + 2 degrees of freedom and the upper ones 2r, so that both err on the safe side (they hold at least as often as promised)",
  EXACT_AS_IF_BY_FAILURE:
    "a time ended the test, and exact bounds are those of a test that its last failure ended: they hold about as often as promised, not exactly",
  EXACT_FOR_ITS_CENSORING:
    "exact bounds hold for complete data or a test stopped at a failure; bounds for the mean come from the same simulated samples",
  LOCATION_AT_ZERO:
    "the likelihood is highest at location 0 or below: the two-parameter Weibull describes the data",
  LOCATION_PRIOR:
    "a location above zero says that nothing can fail before it: have a physical reason for that",
  INTERVALS_AT_LOWER_END: "intervals count at their lower end here, which is on the safe side",
  ONE_SIDED: "with no failure only a lower bound exists; it is one-sided at the confidence given",
  SHAPE_ASSUMED: "the shape is assumed, not estimated: no bound holds if it is wrong",
  SHAPE_FROM_PRIOR:
    "with so few failures the shape rests on its prior: try another range of --shape and see what changes",
  LOWER_SHAPE_SHOWS_LESS:
    "the test runs beyond the required life: should the true shape be lower than assumed, a pass shows less than its confidence",
  HIGHER_SHAPE_SHOWS_LESS:
    "the test ends before the required life: should the true shape be higher than assumed, a pass shows less than its confidence",
  GOOD_PRODUCT_FAILS:
    "a product that lives twice as long as required passes less than every second time: allow failures and more units",
  UNITS_MAY_RUN_OUT:
    "there are fewer units than failures the plan may need: all may fail with nothing decided",
  EARLY_LIFE_ONLY:
    "first failures show the early part of life only: B50 and the mean are extrapolated with the assumed shape",
  L10_IS_A_FIFTH:
    "L10 is a fifth of L50, which is what makers of strain wave gears print; the flexspline's fatigue is not in this rule",
  ABOVE_MOMENTARY_TORQUE:
    "a torque is above the momentary peak torque: the gear may ratchet or break at once, and no life holds",
  ABOVE_PEAK_TORQUE:
    "a torque is above what the maker allows for repeated peaks (harmonic) or starting and stopping (RV)",
  ABOVE_AVERAGE_TORQUE:
    "the average torque is above the maker's limit for it: teeth may wear or heat",
  ABOVE_MAX_SPEED: "a speed is above the maker's limit",
  LOAD_ABOVE_HALF_C:
    "P is above C/2 or C0: ISO 281 leaves it to the maker whether its equations hold there",
  KAPPA_CAPPED: "kappa above 4 counts as 4 (ISO 281:2007, 9.3.3)",
  AISO_CAPPED: "aISO is limited to 50 (ISO 281:2007, 9.3.3)",
  CU_ESTIMATED:
    "the fatigue load limit is estimated from C0 by the simplified rule: take the maker's where one is printed",
  EC_LOWER_END: "eC is taken at the lower end of the range of its class, the safe side",
  PITCH_FROM_BOUNDARY:
    "the pitch diameter is taken as the mean of bore and outside diameter; --dm gives the true one",
  END_ASSUMED:
    "no end of the test is given: it is taken as stopped at its last failure (--end says otherwise)",
  NO_TREND:
    "neither trend test shows a trend at this confidence: a constant MTBF describes the data as well",
  GROWTH_MISFIT:
    "the power law does not describe the data at this confidence: do not extrapolate it",
  GROWTH_FISHER:
    "systems watched over different ages, or intervals: bounds of the MTBF are Fisher's, on the logarithm, and rest on many failures",
  READINGS_MISSING:
    "cells without a value, or with a bad one, were passed over: a turning point may be missing there",
  PROGRAMME_LONG:
    "more than 100 000 cycles: a profile holds at most 200 000 segments, two per cycle; it will be refused",
  GROUPS_SMALL: "an interval expects fewer than five failures: its chi-square test is rough",
  UNIT_ASSUMED: "the data say no unit: they are taken to be in that of the time option",
  RESCUED: "the usual search failed and a slower one found the maximum: look at the data",
} as const;

export type WarningCode = keyof typeof warningTable;

/** Sentences say DATA where the way out is a command for the same data. */
export const refusalTable = {
  NO_FAILURE:
    "no failure: a life cannot be estimated; with a shape known from before, a lower bound can (wearout life weibayes DATA --shape B)",
  ONE_FAILURE:
    "only one failure: it says next to nothing of the shape, and no fit of shape and scale stands on it, whether its likelihood has a maximum or not (wearout life weibayes DATA --shape B, or --distribution exponential)",
  ALL_EQUAL:
    "all failures share one time, or their intervals do: nothing tells the shape (wearout life weibayes DATA --shape B)",
  LONGEST_FAILURE_ONLY: "no failure lies before another specimen's time: no shape can be estimated",
  LIKELIHOOD_UNBOUNDED:
    "the likelihood grows without end as the location nears the first failure, and has no proper maximum with a shape above 1; use --distribution weibull or lognormal",
  CORRECTION_RANGE:
    "fewer than a fifth of the specimens failed: the unbiasing correction is nonsense there; leave --unbiased out",
  CORRECTION_COMPLETE: "this correction holds for complete data only; use --unbiased rba or ross",
  EXACT_RANGE:
    "exact bounds need complete data or one common end of the test (all suspensions at or after the last failure, at one time), and lives watched from new; use --bounds likelihood",
  ONE_LEVEL:
    "failures at one stress level only: nothing tells how life depends on stress; test at a second level, or life fit",
  TOO_FEW_FAILURES:
    "fewer failures than parameters: they can be met exactly, and bounds mean nothing; test more, or --distribution exponential",
  STRESSES_TOGETHER:
    "the two stresses change together over the levels with failures: their effects cannot be told apart; test at a level where only one of them changes",
  THRESHOLD_SIDES:
    "some specimens start below the threshold and others above: degradation must rise to it for all or fall to it for all",
  PATH_BEFORE_ZERO: "a path meets the threshold at time zero or before: use another --path",
  PATH_UNDEFINED: "no path: a power path needs two times above zero",
  METHOD_RANGE: "the method cannot do what is asked",
  NO_MAXIMUM:
    "the search found no maximum of the likelihood: the failures are too few for what is asked, or lie exactly where it has them; add specimens, or ask for less (wearout life weibayes DATA --shape B, --distribution exponential)",
  ISO281_RANGE: "outside the range of ISO 281:2007",
  PLAN_TOO_LARGE: "no plan of sensible size shows this: test longer, or ask for less",
  NO_EXPOSURE: "no specimen has run for any time yet",
  NO_PLAN:
    "with these risks one or two failures decide, and no sequential test keeps both: use life plan fixed",
  PLAN_TOO_SMALL: "a plan needs more units than it allows failures",
  NO_DAMAGE: "nothing turns under torque: no life is spent",
  NO_CYCLE: "the load never changes: there is no cycle to count",
  GROWTH_TOO_FEW:
    "Crow-AMSAA needs two failures in a test stopped at a time, three in one stopped at a failure",
  GROWTH_NO_MAXIMUM:
    "all failures lie at one end of the test: the likelihood grows without end as beta does or falls",
} as const;

export type RefusalCode = keyof typeof refusalTable;

/** What the data cannot answer, and why. */
export class LifeRefusal extends WearoutError {
  readonly refusal: RefusalCode;

  constructor(refusal: RefusalCode, message: string) {
    super("LIFE_REFUSED", message);
    this.refusal = refusal;
  }
}

/** A refusal that says what it is about: `mode "cage"`. Other errors as they are. */
export function refusalAbout(error: unknown, what: string): unknown {
  if (!(error instanceof LifeRefusal)) return error;
  return new LifeRefusal(error.refusal, `${error.message} (${what})`);
}

/** A refusal whose ways out are for `data`, as a command takes it. Other errors as they are. */
export function refusalFor(error: unknown, data: string): unknown {
  if (!(error instanceof LifeRefusal)) return error;
  return new LifeRefusal(
    error.refusal,
    error.message.replaceAll(/\bDATA\b/g, () => data),
  );
}

/** Throws `LIFE_REFUSED` with the code, the sentence and what is special about this case. */
export function refuse(code: RefusalCode, detail = ""): never {
  const more = detail === "" ? "" : ` (${detail})`;
  throw new LifeRefusal(code, `${code}: ${refusalTable[code]}${more}`);
}
