print("lipsmith")
