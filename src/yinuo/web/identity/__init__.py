"""Who a firm or citizen is, as the province's 统一身份认证 says: OpenID Connect. Pure.

Source: OpenID Connect Core 1.0, authorization code flow; RFC 7636 (PKCE with S256).
"""
