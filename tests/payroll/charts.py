"""Small flow charts, written here."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from anyshore.payroll.wagetax import WageTax, read


def chart(
    *statements: str,
    inputs: str = '<INPUT name="A" type="BigDecimal"/><INPUT name="B" type="BigDecimal"/><INPUT name="N" type="int"/>'
    '<INPUT name="f" type="double" default="1.0"/>',
    constants: str = "",
    methods: str = "",
    name: str = "Lohnsteuer2031",
) -> bytes:
    """A chart with the outputs X and Y (BigDecimal) and I (int); a statement is an assignment, or XML as it stands."""
    body = "".join(one if one.startswith("<") else f"<EVAL exec={quoteattr(one)}/>" for one in statements)
    return f"""<PAP name="{name}" versionNummer="1.0"><VARIABLES><INPUTS>{inputs}</INPUTS>
<OUTPUTS><OUTPUT name="X" type="BigDecimal"/><OUTPUT name="Y" type="BigDecimal"/><OUTPUT name="I" type="int"/></OUTPUTS>
<INTERNALS><INTERNAL name="Z" type="BigDecimal" default="BigDecimal.ZERO"/></INTERNALS></VARIABLES>
<CONSTANTS>{constants}</CONSTANTS><METHODS><MAIN>{body}</MAIN>{methods}</METHODS></PAP>""".encode()


def tax(*statements: str, **parts: str) -> WageTax:
    """Such a chart, ready to be computed."""
    return WageTax(read(chart(*statements, **parts), "chart.xml"))
