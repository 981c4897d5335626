// Two ways in which a check can end badly. They must never be mixed up: one is evidence,
// the other is bad luck.

/** What was fetched contradicts itself, the signature, or what this browser remembers. */
export class Mismatch extends Error {
  constructor(what, nextStep = "") {
    super(what);
    this.nextStep = nextStep;
  }
}

/** The check could not be carried out: network, server, or a file that is not what it should be. */
export class Unable extends Error {
  constructor(what, nextStep) {
    super(what);
    this.nextStep = nextStep;
  }
}
