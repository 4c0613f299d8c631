"""What a helpdesk does by itself: reads and threads mail, sorts it, proposes answers, writes them."""
