/** An answer of Discord's REST interface that says no. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Refuses a body whose fields break a rule. */
export function invalid(what: string): ApiError {
  return new ApiError(400, 50_035, `Invalid Form Body: ${what}`);
}

/** Refuses the body unless the rule holds. */
export function demand(holds: boolean, what: string): void {
  if (!holds) throw invalid(what);
}
