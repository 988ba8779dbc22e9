"""Form fields on pages: one template a widget, one way in for what was posted."""
