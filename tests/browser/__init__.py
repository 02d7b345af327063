"""Stories told through what people hold in their hands: phones, the room and the console in a real browser."""
