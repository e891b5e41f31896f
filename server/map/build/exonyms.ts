type Names = { en?: string; fr?: string }

/** Country, the source's name, the French one: each is checked against the source's other names when the map is built. */
const french = `
AE Abu Dhabi=Abou Dabi|AE Dubai=Dubaï|AF Kabul=Kaboul|AF Herāt=Hérat|AM Yerevan=Erevan|AR Córdoba=Córdoba|AT Vienna=Vienne|AT Salzburg=Salzbourg|AZ Baku=Bakou|BD Dhaka=Dacca
BE Antwerpen=Anvers|BE Brussels=Bruxelles|BE Brugge=Bruges|BE Gent=Gand|BE Leuven=Louvain|BY Minsk=Minsk|CH Basel=Bâle|CH Bern=Berne|CH Luzern=Lucerne|CH Zürich=Zurich|CH Sitten=Sion
CN Beijing=Pékin|CN Guangzhou=Canton|CN Nanjing=Nankin|CU Havana=La Havane|CY Nicosia=Nicosie|CZ Pilsen=Plzeň|CO Bogotá=Bogota|DE Köln=Cologne|DE Hamburg=Hambourg|DE Hannover=Hanovre
DE Frankfurt am Main=Francfort-sur-le-Main|DE Nürnberg=Nuremberg|DE Dresden=Dresde|DE Aachen=Aix-la-Chapelle|DE Mainz=Mayence|DE Regensburg=Ratisbonne|DE Trier=Trèves|DE Freiburg=Fribourg-en-Brisgau
DE Bremen=Brême|DE Koblenz=Coblence|DK Copenhagen=Copenhague|DZ Algiers=Alger|EG Cairo=Le Caire|EG Alexandria=Alexandrie|EG Luxor=Louxor|EG Aswan=Assouan|EG Giza=Gizeh|ER Asmara=Asmara
ES Barcelona=Barcelone|ES Sevilla=Séville|ES Zaragoza=Saragosse|ES Valencia=Valence|ES Granada=Grenade|ES Cadiz=Cadix|ES Córdoba=Cordoue|ES Murcia=Murcie|ES Pamplona=Pampelune|ES Girona=Gérone|ES A Coruña=La Corogne
ES Donostia=Saint-Sébastien|ET Addis Ababa=Addis-Abeba|GB Edinburgh=Édimbourg|GB London=Londres|GB Dover=Douvres|GE Tbilisi=Tbilissi|GR Athens=Athènes|GR Thessaloníki=Thessalonique|GR Irákleion=Héraklion|GR Piraeus=Le Pirée
GR Pátra=Patras|GT Guatemala City=Guatemala|HU Győr=Győr|IE Cork=Cork|IL Jerusalem=Jérusalem|IL Haifa=Haïfa|IN Mumbai=Bombay|IN Kolkata=Calcutta|IN Delhi=Delhi|IN Puducherry=Pondichéry|IQ Baghdad=Bagdad
IQ Mosul=Mossoul|IQ Basrah=Bassora|IR Tehran=Téhéran|IR Isfahan=Ispahan|IR Shiraz=Chiraz|IT Rome=Rome|IT Naples=Naples|IT Padova=Padoue|IT Genoa=Gênes|IT Venice=Venise|IT Bologna=Bologne|IT Verona=Vérone
IT Palermo=Palerme|IT Messina=Messine|IT Livorno=Livourne|IT Trento=Trente|IT Bolzano=Bolzano|IT Ferrara=Ferrare|IT Ravenna=Ravenne|IT Mantova=Mantoue|IT Pisa=Pise|IT Perugia=Pérouse|IT Parma=Parme|IT Modena=Modène
IT Siracusa=Syracuse|IT Catania=Catane|IT Taranto=Tarente|IT Ancona=Ancône|IT Siena=Sienne|IT Lucca=Lucques|IT Milan=Milan|JM Kingston=Kingston|KG Bishkek=Bichkek|KR Seoul=Séoul|LB Beirut=Beyrouth|LB Sidon=Saïda|LB Tyre=Tyr
LT Vilnius=Vilnius|LY Tripoli=Tripoli|LY Benghazi=Benghazi|MA Marrakesh=Marrakech|MA Tangier=Tanger|MA Kenitra=Kénitra|MD Chisinau=Chișinău|MM Yangon=Rangoun|MN Ulan Bator=Oulan-Bator|MO Macau=Macao|MT Valletta=La Valette
MX Mexico City=Mexico|MZ Maputo=Maputo|NL The Hague=La Haye|NL Groningen=Groningue|NL Leiden=Leyde|NP Kathmandu=Katmandou|OM Muscat=Mascate|PA Panamá=Panama|PH Manila=Manille|PL Warsaw=Varsovie|PL Kraków=Cracovie
PT Lisbon=Lisbonne|RO Bucharest=Bucarest|RS Belgrade=Belgrade|RU Moscow=Moscou|RU Saint Petersburg=Saint-Pétersbourg|RU Arkhangel’sk=Arkhangelsk|RU Yekaterinburg=Ekaterinbourg|RU Chelyabinsk=Tcheliabinsk|RU Irkutsk=Irkoutsk
RU Murmansk=Mourmansk|SA Riyadh=Riyad|SA Mecca=La Mecque|SA Medina=Médine|SA Jeddah=Djeddah|SD Omdurman=Omdourman|SG Singapore=Singapour|SO Mogadishu=Mogadiscio|SY Damascus=Damas|SY Aleppo=Alep
SY Latakia=Lattaquié|TJ Dushanbe=Douchanbé|TM Ashgabat=Achgabat|TN Kairouan=Kairouan|TR Istanbul=Istanbul|TR İzmir=Izmir|UA Kyiv=Kiev|UA Odesa=Odessa|UA Sevastopol=Sébastopol|US New York City=New York|US New Orleans=La Nouvelle-Orléans
US Philadelphia=Philadelphie|UZ Tashkent=Tachkent|UZ Samarkand=Samarcande|VN Ho Chi Minh City=Hô-Chi-Minh-Ville|VN Hanoi=Hanoï|ZA Cape Town=Le Cap|YE Sanaa=Sanaa|TW Taipei=Taipei|GA Libreville=Libreville
`
/** Where the source keeps the name used there and English has its own. */
const english = `
BE Antwerpen=Antwerp|BE Brugge=Bruges|BE Gent=Ghent|CH Genève=Geneva|CH Luzern=Lucerne|CH Zürich=Zurich|CH Sitten=Sion|DE Köln=Cologne|DE Nürnberg=Nuremberg|DE Hannover=Hanover|ES Sevilla=Seville|ES Cadiz=Cádiz|ES Donostia=San Sebastián
GR Irákleion=Heraklion|GR Pátra=Patras|GR Thessaloníki=Thessaloniki|IT Padova=Padua|IT Mantova=Mantua|IT Siracusa=Syracuse|PA Panamá=Panama City|RU Arkhangel’sk=Arkhangelsk|SE Göteborg=Gothenburg|TR İzmir=Izmir|MA Fès=Fez|US New York City=New York
`

/** Names that differ by language, by country and name in the source: `GB London`. */
export function readExonyms(): Map<string, Names> {
  const names = new Map<string, Names>()
  const add = (text: string, language: 'en' | 'fr') => {
    for (const [key, name] of text
      .trim()
      .split(/[|\n]/)
      .map((entry) => entry.split('=')))
      names.set(key!, { ...names.get(key!), [language]: name })
  }
  add(french, 'fr')
  add(english, 'en')
  return names
}
