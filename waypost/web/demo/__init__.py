"""The whole verification side by side: phone and mailbox, the customer's page, and both runs."""
