/** Does a text tell a mark of somebody: an id, a member number, a name? As a word of its own, and not by chance. */

/** What is full of digits and says nothing of anybody: moments of time and generated ids. */
const chance =
  /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

/** The mark as a word of its own, plain, escaped for a URL or in base64. */
export function tells(text: string, mark: string): boolean {
  if (mark.length >= shortestCoded && text.includes(Buffer.from(mark).toString('base64').replace(/=+$/, '')))
    return true
  const plain = /^\d+$/.test(mark) ? text.replace(chance, ' ') : text
  return [mark, encodeURIComponent(mark)].some((form) => {
    for (let i = plain.indexOf(form); i >= 0; i = plain.indexOf(form, i + 1))
      if (!/[A-Za-z0-9]/.test(plain[i - 1] ?? '') && !/[A-Za-z0-9]/.test(plain[i + form.length] ?? '')) return true
    return false
  })
}

/** Less than this occurs by chance: in base64, or among numbers. */
const shortestCoded = 6

/** Headers that count, date and number messages: a number that stands there is about the message, and by chance somebody's. */
const ofTheMessage =
  /^(content-length|date|age|expires|last-modified|etag|retry-after|keep-alive|strict-transport-security|cache-control|ratelimit.*|x-rate-?limit.*)$/i
const ofATrace = /^(x-)?(request|correlation|trace)-id$|^traceparent$/i

/** False for a number in a header where any number may stand. */
export const mayTell = (header: string, mark: string): boolean =>
  !(/^\d+$/.test(mark) && (ofTheMessage.test(header) || (ofATrace.test(header) && mark.length < shortestCoded)))
