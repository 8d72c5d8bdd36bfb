"""The data gallery: every data source with previews, class counts, its origin, its download."""
