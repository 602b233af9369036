//! The way to Syncro's host: reachability, the proxy in use, and whose certificate the other end shows.

use jiff::{SpanRound, Timestamp, Unit};

use super::check::Check;
use crate::api::Certificate;
use crate::api::route::{self, Route};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::render::when;

/// A certificate that ends within so many days should have been renewed.
const SOON: i64 = 7;

/// What was found on the way.
pub(super) struct Network {
    host: String,
    is_https: bool,
    route: Option<Route>,
    error: Option<Error>,
    zone: jiff::tz::TimeZone,
    /// Whether a setting stands in the way.
    pub(super) misconfigured: bool,
}

/// Goes the way once; no request is made.
pub(super) async fn look(ctx: &Context) -> Network {
    let mut way = Network {
        host: String::new(),
        is_https: false,
        route: None,
        error: None,
        zone: ctx.settings().timezone.clone(),
        misconfigured: false,
    };
    match go(ctx, &mut way).await {
        Ok(route) => way.route = Some(route),
        Err(error) => {
            way.misconfigured = true;
            way.error = Some(error);
        }
    }
    way
}

async fn go(ctx: &Context, way: &mut Network) -> Result<Route> {
    let settings = ctx.settings();
    let base = ctx.base()?;
    way.host = base.host_str().unwrap_or_default().to_owned();
    way.is_https = base.scheme() == "https";
    let route = route::look(
        &base,
        settings.ca_file.as_deref(),
        settings.extra_ca.as_deref(),
        settings.write.timeout,
    );
    Ok(route.await?)
}

impl Network {
    /// The lines. Where a request was `answered` the host is reached, whatever this look ran into.
    pub(super) fn checks(&self, answered: bool) -> Vec<Check> {
        let Some(route) = &self.route else {
            let error = self.error.iter();
            return error.map(|error| Check::of_error("host", error)).collect();
        };
        let mut checks = vec![self.host(route, answered), proxy(route)];
        if self.is_https
            && let Some(certificate) = &route.certificate
        {
            checks.push(self.certificate(route, certificate));
        }
        checks
    }

    fn host(&self, route: &Route, answered: bool) -> Check {
        let (name, host) = ("host", &self.host);
        match &route.obstacle {
            Some(why) if !answered => {
                let check = Check::problem(name, format!("cannot reach {host}: {why}"));
                match (route.is_distrusted, &route.proxy) {
                    (true, _) => check.hint("see the certificate check"),
                    (false, Some(_)) => check.hint(
                        "check the network and the proxy (HTTPS_PROXY, NO_PROXY, the system's settings)",
                    ),
                    (false, None) => check.hint(
                        "check the network and the subdomain; if you need a proxy, set HTTPS_PROXY",
                    ),
                }
            }
            _ if route.is_unknown && !answered => {
                Check::warning(name, format!("{host} was not checked through this proxy"))
            }
            _ => Check::ok(name, format!("{host} is reachable")),
        }
    }

    fn certificate(&self, route: &Route, certificate: &Certificate) -> Check {
        let name = "certificate";
        let Certificate { issuer, expires, .. } = certificate;
        let until = expires.map_or_else(String::new, |expires| {
            format!(", until {}", when::day(expires.to_zoned(self.zone.clone()).date()))
        });
        let message = format!("issued by {issuer}{until}");
        if route.is_distrusted {
            let why = route.obstacle.as_deref().unwrap_or("not trusted");
            let expired = expires.is_some_and(|expires| expires < Timestamp::now());
            let hint = if expired {
                "if this machine's clock is correct, the server's operator must renew it"
            } else {
                "if that is your office's own authority (TLS inspection), have its certificate as a PEM file and name it \
                 in ca_file; if you do not know it, do not go on"
            };
            return Check::problem(name, format!("not trusted: {message} ({why})")).hint(hint);
        }
        if !certificate.is_logged {
            return Check::warning(
                name,
                format!("{message}, which is not a public authority: something on the way decrypts this connection"),
            )
            .hint(
                "TLS inspection in an office does that, and can read everything sent, including the API key; ask your network administrator",
            );
        }
        let soon = expires.and_then(|expires| {
            let left = Timestamp::now()
                .until(expires)
                .ok()?
                .round(SpanRound::new().largest(Unit::Hour))
                .ok()?;
            (i64::from(left.get_hours()) < SOON * 24).then_some(())
        });
        match soon {
            Some(()) => Check::warning(name, message)
                .hint("it expires soon; the server's operator must renew it"),
            None => Check::ok(name, message),
        }
    }
}

fn proxy(route: &Route) -> Check {
    match &route.proxy {
        Some(proxy) => Check::ok("proxy", format!("{proxy} (HTTPS_PROXY or the system's)")),
        None => Check::ok("proxy", "none"),
    }
}
