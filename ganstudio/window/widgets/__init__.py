"""The widgets the window is made of. Each takes plain data, knows no engine, and asks the theme for its colours."""
