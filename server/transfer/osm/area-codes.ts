/**
 * What the shapes of the index are called in ISO 3166: a subdivision (ISO 3166-2) where the shape is one, a country where it is one.
 * Shapes of towns, of several subdivisions or unknown to this list have only the country their middle lies in.
 * Some shapes are missing from the bundled release; their code still tells the country.
 */
export const shapeCodes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'bahia.geojson': 'BR-BA',
    'bogota.geojson': 'CO-DC',
    'brasilia_df.geojson': 'BR-DF',
    'castilla-y-leon.geojson': 'ES-CL',
    'ceara.geojson': 'BR-CE',
    'colorado.geojson': 'US-CO',
    'comunitat-valenciana.geojson': 'ES-VC',
    'cuneo.geojson': 'IT-CN',
    'de-baden-wuerttemberg.geojson': 'DE-BW',
    'de-hamburg.geojson': 'DE-HH',
    'de-mecklenburg-vorpommern.geojson': 'DE-MV',
    'emilia-romagna.geojson': 'IT-45',
    'flanders.geojson': 'BE-VLG',
    'fr-35.geojson': 'FR-35',
    'galicia.geojson': 'ES-GA',
    'india_andhrapradesh.geojson': 'IN-AP',
    'india_karnataka.geojson': 'IN-KA',
    'india_kerala.geojson': 'IN-KL',
    'india_maharashtra.geojson': 'IN-MH',
    'india_tamilnadu.geojson': 'IN-TN',
    'india_westbengal.geojson': 'IN-WB',
    'lazio.geojson': 'IT-62',
    'lombardia.geojson': 'IT-25',
    'madrid.geojson': 'ES-MD',
    'massachusetts.geojson': 'US-MA',
    'minas_gerais.geojson': 'BR-MG',
    'new_mexico.geojson': 'US-NM',
    'piemonte.geojson': 'IT-21',
    'puglia.geojson': 'IT-75',
    'rio_de_janeiro.geojson': 'BR-RJ',
    'riograndedosul.geojson': 'BR-RS',
    'roma-capitale.geojson': 'IT-RM',
    'sicilia.geojson': 'IT-82',
    'south-tyrol.geojson': 'IT-BZ',
    'torino.geojson': 'IT-TO',
    'trentino.geojson': 'IT-TN',
    'ukraine.geojson': 'UA',
    'us-mi.geojson': 'US-MI',
    'us-ny.geojson': 'US-NY',
    'us-oh.geojson': 'US-OH',
    'veneto.geojson': 'IT-34',
    'wallonia.geojson': 'BE-WAL',
    'western_australia.geojson': 'AU-WA',
    'wyoming.geojson': 'US-WY',
  }),
)

/** Shapes that lie in several countries: no single one may be named. */
export const crossBorderShapes: ReadonlySet<string> = new Set([
  'catalan_countries.geojson',
  'pacific.geojson',
  'punjab.geojson',
  'western_sahara_and_provinces.geojson',
])

/** Middles of shapes that are drawn far out to sea, as [longitude, latitude]. */
export const shapeMiddles: ReadonlyMap<string, [number, number]> = new Map([['western_australia.geojson', [122, -25.5]]])
