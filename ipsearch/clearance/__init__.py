"""Here are a sign and its goods, which marks come too close to it?"""
