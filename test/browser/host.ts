import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** Another site, with a strict policy that allows `site` alone: gives the address of a page that holds this HTML. */
export async function serveHost(t: Test, site: string): Promise<{ origin: string; paste: (html: string) => string }> {
  const pages: string[] = []
  const policy = `default-src 'self'; script-src 'self' ${site}; frame-src ${site}`
  const server = createServer(({ url }, answer) => {
    const body = pages[Number(url?.slice(1))]
    answer.writeHead(body ? 200 : 204, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
    answer.end(
      `<!doctype html><html lang="fr"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Un autre site</title><h1>Un autre site</h1>${body ?? ''}<p id="end">Fin</p></html>`,
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.teardown(() => server.close())
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return { origin, paste: (html) => `${origin}/${pages.push(html) - 1}` }
}
