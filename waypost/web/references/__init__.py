"""References in the editor: what may be chosen, what pasted texts mean, pasted requests."""
