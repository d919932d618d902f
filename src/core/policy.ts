/** Every number that decides when the guard asks, waits and acts. All times are milliseconds. */

export type Limit = { readonly max: number; readonly windowMs: number }

/** `observe`: everything is decided and recorded, nothing is done. */
export const MODES = ['act', 'observe'] as const
export type Mode = (typeof MODES)[number]

export type Policy = {
  readonly mode: Mode
  readonly tick: { readonly everyMs: number; readonly deadlineMs: number; readonly targetsAtOnceMax: number }
  readonly probe: {
    readonly timeoutMs: number
    /** For a target that is paused, stopped or given up: one probe a tick, this short. */
    readonly idleTimeoutMs: number
    readonly count: number
    readonly gapMs: number
  }
  readonly ssh: {
    readonly connectMs: number
    /** The one long attempt before a silent banner counts as silence. */
    readonly patientConnectMs: number
    readonly commandMs: number
    /** All of one look over SSH, and all of one order: less than the sum of the above, so that both fit a tick. */
    readonly lookMs: number
    readonly orderMs: number
    readonly bannerTimeoutTicks: number
    /** How often a healthy target's recovery path is tried; sooner while it is known to be broken. */
    readonly checkEveryMs: number
    readonly recheckEveryMs: number
  }
  readonly compute: { readonly callMs: number }
  readonly heartbeat: { readonly freshMs: number }
  readonly confirmation: {
    readonly gapMinMs: number
    readonly gapMaxMs: number
    readonly flapTicks: number
    readonly flapWindowMs: number
  }
  readonly innerGuard: { readonly unknownMs: number; readonly maxMs: number }
  readonly path: {
    /** After this long of a VM that lives behind a broken path, `reset` is allowed if `resetAllowed`. */
    readonly resetAfterMs: number
    readonly resetAllowed: boolean
    /** How long a VM without kit and without a peer that answers must be silent before `reset`. */
    readonly silenceMs: number
  }
  readonly vm: {
    readonly hostErrorHoldMs: number
    readonly transitionAlertMs: number
    /** An issued reboot that left `boot_id` unchanged for this long unbars `reset` while SSH works. */
    readonly bootUnchangedMs: number
  }
  readonly guard: {
    readonly offlineAlertMs: number
    readonly youngMs: number
    readonly youngTicks: number
    readonly youngWindowMs: number
  }
  readonly graceMs: number
  readonly probationMs: number
  readonly verify: { readonly inTickMs: number; readonly gapMs: number }
  readonly lease: {
    readonly durationMs: number
    readonly issueRemainingMs: number
    /** An action without a known end is decided anew this long after its lease ended. */
    readonly decideAnewAfterMs: number
    readonly observationFreshMs: number
  }
  readonly budgets: {
    readonly restartWorkload: Limit
    /** `reboot` and `reset` together; every one of the limits holds. */
    readonly destructive: readonly Limit[]
    readonly start: Limit
    readonly rollout: Limit
  }
  readonly cooldown: { readonly stepsMs: readonly number[]; readonly resetAfterHealthMs: number }
  readonly stockOut: { readonly firstMs: number; readonly maxMs: number }
  readonly fleet: {
    readonly targetsMin: number
    readonly failingShare: number
    readonly holdMs: number
  }
  /** A target that fails for this long with nothing to be done becomes idle: a short probe a tick. */
  readonly idleAfterMs: number
  /** How often an idle target (given up, stopped) gets a full look in place of its short probe. */
  readonly relookMs: number
  /** How often secrets' metadata are compared with what was applied; drift on the VM is looked for with `ssh.checkEveryMs`. */
  readonly sync: { readonly pollMs: number }
  readonly incident: {
    /** A target that falls ill again within this long after its incident was closed opens the same one again. */
    readonly reopenMs: number
    /** After this many relapses probation lasts longer. */
    readonly relapsesMax: number
    readonly relapsedProbationMs: number
  }
  readonly alerts: {
    /** A degraded target is told of when it has been so for this long, and over when it has not been for `warningOverMs`. */
    readonly warnAfterMs: number
    readonly warningOverMs: number
    readonly remindEveryMs: number
    readonly remindWarningEveryMs: number
    /** How long the buttons of a message are good for. */
    readonly buttonsMs: number
    /** What the button `pause` does. */
    readonly pauseMs: number
  }
  readonly outbox: {
    /** The first wait after a failed try; doubled until `retryMaxMs`. */
    readonly retryFirstMs: number
    readonly retryMaxMs: number
    /** What is not through by then has failed for good. */
    readonly giveUpMs: number
    /** One try to get one notice through one channel. */
    readonly sendMs: number
    readonly claimMs: number
  }
  readonly blackBox: { readonly collectMs: number }
  readonly history: { readonly everyMs: number; readonly daysKept: number }
  readonly pressure: {
    readonly memoryUsedMb: number
    readonly swapUsedPercent: number
    readonly memoryStallPercent: number
    readonly diskUsedPercent: number
  }
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

export const DEFAULT_POLICY: Policy = {
  mode: 'act',
  tick: { everyMs: MINUTE, deadlineMs: 55 * SECOND, targetsAtOnceMax: 50 },
  probe: { timeoutMs: 5 * SECOND, idleTimeoutMs: 2 * SECOND, count: 3, gapMs: 3 * SECOND },
  ssh: {
    connectMs: 10 * SECOND,
    patientConnectMs: 25 * SECOND,
    commandMs: 15 * SECOND,
    lookMs: 16 * SECOND,
    orderMs: 22 * SECOND,
    bannerTimeoutTicks: 3,
    checkEveryMs: HOUR,
    recheckEveryMs: 5 * MINUTE,
  },
  compute: { callMs: 8 * SECOND },
  heartbeat: { freshMs: 90 * SECOND },
  confirmation: {
    gapMinMs: 45 * SECOND,
    gapMaxMs: 150 * SECOND,
    flapTicks: 4,
    flapWindowMs: 10 * MINUTE,
  },
  innerGuard: { unknownMs: 90 * SECOND, maxMs: 5 * MINUTE },
  path: { resetAfterMs: 10 * MINUTE, resetAllowed: false, silenceMs: 10 * MINUTE },
  vm: {
    hostErrorHoldMs: 6 * MINUTE,
    transitionAlertMs: 10 * MINUTE,
    bootUnchangedMs: 5 * MINUTE,
  },
  guard: {
    offlineAlertMs: 10 * MINUTE,
    youngMs: 90 * SECOND,
    youngTicks: 2,
    youngWindowMs: 10 * MINUTE,
  },
  graceMs: 5 * MINUTE,
  probationMs: 5 * MINUTE,
  verify: { inTickMs: 25 * SECOND, gapMs: 3 * SECOND },
  lease: {
    durationMs: 2 * MINUTE,
    issueRemainingMs: 30 * SECOND,
    decideAnewAfterMs: MINUTE,
    observationFreshMs: 30 * SECOND,
  },
  budgets: {
    restartWorkload: { max: 3, windowMs: HOUR },
    destructive: [
      { max: 2, windowMs: 6 * HOUR },
      { max: 3, windowMs: 24 * HOUR },
    ],
    start: { max: 6, windowMs: 24 * HOUR },
    rollout: { max: 6, windowMs: HOUR },
  },
  cooldown: { stepsMs: [5 * MINUTE, 10 * MINUTE, 20 * MINUTE], resetAfterHealthMs: HOUR },
  stockOut: { firstMs: 2 * MINUTE, maxMs: 30 * MINUTE },
  fleet: { targetsMin: 3, failingShare: 0.5, holdMs: 10 * MINUTE },
  idleAfterMs: 10 * MINUTE,
  relookMs: 30 * MINUTE,
  sync: { pollMs: 5 * MINUTE },
  incident: { reopenMs: 30 * MINUTE, relapsesMax: 2, relapsedProbationMs: 30 * MINUTE },
  alerts: {
    warnAfterMs: 90 * SECOND,
    warningOverMs: 10 * MINUTE,
    remindEveryMs: 30 * MINUTE,
    remindWarningEveryMs: 24 * HOUR,
    buttonsMs: HOUR,
    pauseMs: HOUR,
  },
  outbox: {
    retryFirstMs: 30 * SECOND,
    retryMaxMs: 10 * MINUTE,
    giveUpMs: 7 * 24 * HOUR,
    sendMs: 8 * SECOND,
    claimMs: 2 * MINUTE,
  },
  blackBox: { collectMs: 10 * SECOND },
  history: { everyMs: 10 * MINUTE, daysKept: 90 },
  pressure: {
    memoryUsedMb: 700,
    swapUsedPercent: 80,
    memoryStallPercent: 25,
    diskUsedPercent: 90,
  },
}
