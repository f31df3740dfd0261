/**
 * Kept-alive connections that are made alike, with one set of credentials and trust. Node's own agent copies the options of a
 * request several times and names a place by all of them: here the place is all that tells connections apart.
 */
import type { ClientRequest } from 'node:http'
import { Agent } from 'node:https'
import { isIP } from 'node:net'
import {
  checkServerIdentity,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'

/** What the server of a connection presented when its name was looked at: to ask for it again costs a millisecond. */
const presented = new WeakMap<TLSSocket, PeerCertificate>()

export class Pool extends Agent {
  readonly #open = new Set<TLSSocket>()
  /** By place; whoever rested last is the first to go. */
  readonly #resting = new Map<string, TLSSocket[]>()

  constructor(secureContext: SecureContext, keepAlive: boolean) {
    super({ secureContext, keepAlive })
  }

  /** Node asks it of whatever is an agent: the request gets a connection. */
  addRequest(request: ClientRequest, { host, port }: { readonly host: string; readonly port: number | string }): void {
    const place = `${host}:${port}`
    const resting = this.#resting.get(place)
    let socket = resting?.pop()
    // The other side may have closed it meanwhile.
    while (socket && !socket.writable) socket = resting?.pop()
    // Nobody waits for a connection at rest: a process may end.
    socket?.ref()
    request.onSocket(socket ?? this.#connect(host, port, place))
  }

  override destroy(): void {
    for (const socket of this.#open) socket.destroy()
    super.destroy()
  }

  #connect(host: string, port: number | string, place: string): TLSSocket {
    const socket = this.createConnection({
      ...this.options,
      host,
      port,
      servername: isIP(host) ? '' : host,
      checkServerIdentity: (name: string, certificate: PeerCertificate) => {
        presented.set(socket, certificate)
        return checkServerIdentity(name, certificate)
      },
    }) as TLSSocket
    this.#open.add(socket)
    socket.on('close', () => this.#open.delete(socket))
    // Of a request's trouble the request is told; a connection at rest that breaks is nobody's.
    socket.on('error', () => undefined)
    socket.on('free', () => this.#rest(socket, place))
    return socket
  }

  #rest(socket: TLSSocket, place: string): void {
    if (!this.options.keepAlive || !socket.writable) {
      socket.destroy()
      return
    }
    socket.unref()
    const resting = this.#resting.get(place)
    if (resting) resting.push(socket)
    else this.#resting.set(place, [socket])
  }
}

/** The certificate of the other side, with its issuers. */
export const presentedBy = (socket: TLSSocket): DetailedPeerCertificate =>
  (presented.get(socket) ?? socket.getPeerCertificate(true)) as DetailedPeerCertificate
