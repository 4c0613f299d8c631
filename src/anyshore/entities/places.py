"""Words of places that stand in a company's name for its branch there, in English and where the company writes them."""

from __future__ import annotations

PLACES = frozenset(
    """
    africa america americas asia australia europe europa eurasia pacific apac emea latam mena nordic nordics benelux
    scandinavia iberia balkans baltic
    albania algeria andorra angola argentina armenia austria osterreich azerbaijan bahrain bangladesh belarus belgium
    belgie belgique bolivia bosnia botswana brazil brasil bulgaria cambodia cameroon canada chile china colombia croatia
    hrvatska cuba cyprus czechia cesko denmark danmark ecuador egypt estonia eesti ethiopia finland suomi france georgia
    germany deutschland ghana greece hellas guatemala hungary magyarorszag iceland india indonesia iran iraq ireland
    israel italy italia japan nippon jordan kazakhstan kenya korea kosovo kuwait kyrgyzstan laos latvia latvija lebanon
    libya liechtenstein lithuania lietuva luxembourg luxemburg macedonia malaysia malta mauritius mexico moldova monaco
    mongolia montenegro morocco maroc mozambique myanmar namibia nepal netherlands nederland nigeria norway norge oman
    pakistan panama paraguay peru philippines poland polska portugal qatar romania russia rossiya rus senegal serbia
    singapore slovakia slovensko slovenia slovenija spain espana sudan sweden sverige switzerland schweiz suisse svizzera
    syria taiwan tajikistan tanzania thailand tunisia turkey turkiye turkmenistan uganda uk ukraine ukraina uruguay usa
    us uzbekistan venezuela vietnam yemen zambia zimbabwe
    """.split()
)
