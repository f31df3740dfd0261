/**
 * How strict our own side of TLS is: the same under every version of Node. A weak key or an old version is to be seen and judged, not
 * refused by our OpenSSL, whose default grew from level 1 to level 2 (no RSA key below 2048 bits) with Node 24.
 */
import { DEFAULT_CIPHERS } from 'node:tls'

/** For `ciphers` of a TLS context. Where a version before 1.2 is spoken no cipher and no hash is too old (level 0). */
export const ciphersFor = (version: string | undefined): string =>
  version === 'TLSv1' || version === 'TLSv1.1' ? 'DEFAULT:@SECLEVEL=0' : `${DEFAULT_CIPHERS}:@SECLEVEL=1`
