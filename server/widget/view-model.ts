import type { FacetPanel, GroupCard, GroupListView } from '../group/view-model.ts'

/** A list in a frame: as the site's, with fewer ways to go. Every address in it stays in the widget and keeps what is locked. */
export interface WidgetList extends Pick<GroupListView, 'action' | 'q' | 'total' | 'chips' | 'clearUrl' | 'hidden' | 'wanted' | 'nextUrl'> {
  cards: GroupCard[]
  panels: FacetPanel[]
  /** Banners above the cards. */
  banners: boolean
  canSearch: boolean
  canChoose: boolean
  /** Back to the first page, from another. */
  firstUrl?: string
  /** On a map: « search in this area ». */
  areaUrl?: string
}
