/** Paths in commands that are printed to be copied. */

/** As a shell takes it for one word, whatever is in it. */
export const quoted = (path: string): string => (/^[\w@%+=:,./\\~-]+$/.test(path) ? path : `"${path}"`)
