// Waiting is always for something, and never for ever.

/**
 * eventually resolves to what look gives once that is truthy. It fails after
 * `within` ms, saying what was waited for and what look last threw.
 */
export async function eventually(what, look, { within = 10_000, every = 50 } = {}) {
  const deadline = Date.now() + within
  let last
  for (;;) {
    try {
      const found = await look()
      if (found) return found
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within ${within / 1000} s${last ? ` (${last.message})` : ''}`, { cause: last })
    }
    await new Promise((next) => setTimeout(next, every))
  }
}
