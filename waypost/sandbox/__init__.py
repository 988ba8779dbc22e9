"""Local stand-ins for Twilio Verify and SendGrid: the vendors' own SDKs work against them
unmodified.
"""
