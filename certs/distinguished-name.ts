/** Distinguished names of organizations. */

/** `CN=New Plan, O=New Plan`: survives commas and quotes in the name. */
export const distinguishedName = (name: string): string => {
  const escaped = name.replace(/[\\,+"<>;=#]/g, '\\$&')
  return `CN=${escaped}, O=${escaped}`
}
