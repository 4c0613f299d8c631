"""What checks of a website come to: findings that keep their identity, times a site was up, maintenance."""
