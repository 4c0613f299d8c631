"""Applications written for tests; nobody has these names, dates or addresses."""

import io
import zipfile

CV = """Mia Beispiel
Buchhalterin
Persönliche Daten
geboren am 3.5.1988 in Musterstadt
Familienstand: verheiratet
Konfession: katholisch
Berufserfahrung
2015 - 2024 Buchhalterin, Spree GmbH: Kreditorenbuchhaltung mit DATEV
E-Mail: mia@beispiel.example, Telefon: 0170 1234567
Hauptstraße 12, 10115 Berlin
Letztes Gehalt: 48.000 EUR
Ausbildung
2008 - 2011 Industriekauffrau
Kenntnisse
DATEV, Excel, SAP
Sprachen: Deutsch C2, Englisch B2
"""


def docx(*paragraphs: str) -> bytes:
    """A word processor's file of these paragraphs."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in paragraphs)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()
