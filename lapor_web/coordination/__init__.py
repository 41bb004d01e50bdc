"""What the meeting room looks at: the city's figures, and the reports behind each."""
