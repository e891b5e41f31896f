/** A text or an attribute's value for xmlbuilder2, which takes `&lt;` in it for an entity and would leave it as it is. */
export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;')
}
