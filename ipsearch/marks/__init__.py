"""Here are two signs, and the goods of two marks: how near are they, and by which rule?"""
