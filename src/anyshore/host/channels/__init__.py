"""Places that are looked into again and again for what has arrived: folders, folders of mails, mailboxes.

Each has one row in the store that falls due; whoever looks hands over what is there (``intake``) and remembers it in
the same transaction, and only then tidies the place up. Who is killed in between looks again: what was handed over is
known by the place's own key, and even where that is lost, its content makes it the same work.
"""
