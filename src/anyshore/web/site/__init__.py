"""Settings, addresses, navigation: where the apps are put together."""
