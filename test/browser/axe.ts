import { setTimeout } from 'node:timers/promises'
import axe, { type AxeResults } from 'axe-core'
import type { Frame, Page } from 'playwright-core'
import type { Test } from 'tap'

const options = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
  // Frames are checked by giving one here instead of the page; axe would wait for an answer from those it is not in.
  iframes: false,
}

/** One assertion: axe finds nothing against WCAG 2.2 AA, nor against its good practices, on what the page shows now. */
export async function checkAxe(t: Test, page: Page | Frame, name = page.url()): Promise<void> {
  t.same(await findViolations(page), [], `accessible: ${name}`)
}

/** What axe finds, one readable text a rule. */
export async function findViolations(page: Page | Frame): Promise<string[]> {
  // After a click the page may be there and its content not yet.
  await page.waitForLoadState()
  // Evaluated rather than added as a script, which the page's CSP would refuse.
  if (await page.evaluate(`typeof axe === 'undefined'`)) await page.evaluate(axe.source)
  const running = page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
  const results = await Promise.race([running, setTimeout(60_000, undefined, { ref: false })])
  if (!results) throw new Error('axe did not answer: it waits for ever in a page without JavaScript')
  return results.violations.map(({ id, impact, help, nodes }) => {
    const places = nodes.map(
      (node) => `  ${node.target.join(' ')}  ${node.html.slice(0, 200)}\n    ${node.failureSummary?.replaceAll('\n', '\n    ')}`,
    )
    return `${id} (${impact}): ${help}\n${places.join('\n')}`
  })
}
