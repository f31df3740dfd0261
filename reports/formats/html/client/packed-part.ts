/** Reads the parts of the run that lie packed in the page: each once, when it is first wanted. */

const texts = new Map<string, Promise<string>>()

/** The JSON of a part. */
export function partText(id: string): Promise<string> {
  const known = texts.get(id)
  if (known !== undefined) return known
  const packed = document.getElementById(`part-${id}`)?.textContent ?? ''
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0))
  const text = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
  texts.set(id, text)
  return text
}
