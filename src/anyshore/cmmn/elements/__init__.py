"""The element families of CMMN: a file each, with model, behaviour and checks. ``table`` lists them."""
