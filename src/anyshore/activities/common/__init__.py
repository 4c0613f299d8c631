"""What several families share: amounts, writing once, who a party is, postings."""
