/** What can be said of a URI by its looks. */

/** Reserved for examples (RFC 2606), and the company of every cartoon. */
export const isExampleUrl = (url: string): boolean =>
  /^https?:\/\/([\w-]+\.)*(example\.(org|com|net)|acme\.(com|org))([/:?#]|$)/i.test(url)

/** Has it a scheme? */
export const isAbsolute = (uri: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(uri)
