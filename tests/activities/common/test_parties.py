from anyshore.activities.common.parties import seller_key
from anyshore.activities.einvoice.model import Identifier, Party


def test_seller_is_known_by_the_strongest_identifier() -> None:
    assert seller_key(Party("N", vat_id="DE 136.695.976", tax_registration="1")) == "vat:de136695976"
    assert seller_key(Party("N", tax_registration="12/345")) == "tax:12345"
    assert seller_key(Party("N", registration=Identifier("556036-0793"))) == "registration:5560360793"
    assert seller_key(Party("Nordlicht Bürobedarf")) == "name:nordlichtbuerobedarf"


def test_a_short_number_of_a_register_is_told_apart_by_the_name() -> None:
    assert seller_key(Party("N", registration=Identifier("HRB 7"))) == "registration:hrb7:n"
