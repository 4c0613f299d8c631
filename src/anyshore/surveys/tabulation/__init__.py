"""Tables of market research: banners with nested heads, nets, means and letters of significance; trends."""
