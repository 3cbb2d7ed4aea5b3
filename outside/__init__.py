"""The world at the far end of the wire: a WeCom server, and two phones on a web page.

Nothing in the product imports this package and it imports nothing of the product; they meet over HTTP only.
"""
