"""The workflow editor: its pages, and the forms that change a draft."""
