/** Kept-alive connections that are made alike, with one set of credentials and trust. */
import { Agent } from 'node:https'
import type { Duplex } from 'node:stream'
import {
  type ConnectionOptions,
  checkServerIdentity,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type TLSSocket,
} from 'node:tls'

/** What the server of a connection presented when its name was looked at: to ask for it again costs a millisecond. */
const presented = new WeakMap<Duplex, PeerCertificate>()

/** The place is all that tells its connections apart. */
export class Pool extends Agent {
  override getName({ host, port }: { readonly host?: string; readonly port?: number | string } = {}): string {
    return `${host}:${port}`
  }

  override createConnection(options: ConnectionOptions): Duplex {
    const socket = super.createConnection({
      ...options,
      checkServerIdentity: (host: string, certificate: PeerCertificate) => {
        presented.set(socket, certificate)
        return checkServerIdentity(host, certificate)
      },
    }) as Duplex
    return socket
  }
}

/** The certificate of the other side, with its issuers. */
export const presentedBy = (socket: TLSSocket): DetailedPeerCertificate =>
  (presented.get(socket) ?? socket.getPeerCertificate(true)) as DetailedPeerCertificate
