//! How often a gateway tries: of a linked service and of a host no more than a number, whoever asks.

use super::*;

/// A gateway that may go nowhere on its machine: a test that it begins has ended before it went anywhere, and counts.
struct Asked {
    gateway: ScratchGateway,
}

impl Asked {
    async fn test(&self, claims: &TicketClaims, server: &str) -> Answer {
        let properties = [
            ("server", server),
            ("database", "sales"),
            ("username", "author"),
        ];
        tried(&self.gateway, claims, (KIND, &properties), PASSWORD).await
    }

    /// Under a new ticket, as many times as this.
    async fn tests(&self, ls: &str, server: &str, times: usize) {
        let claims = self.gateway.claims(ls);
        for number in 0..times {
            let answer = self.test(&claims, server).await;
            assert_eq!(ending(&answer), "policy_loopback", "{ls} {number}");
        }
    }

    async fn assert_refused(&self, ls: &str, server: &str, subject: &str) {
        let refused = self.test(&self.gateway.claims(ls), server).await;
        refused.assert_problem(429, "rate_limited");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(subject), "{detail}");
        let wait = refused.headers[header::RETRY_AFTER].to_str().unwrap();
        assert!((1..=601).contains(&wait.parse::<u64>().unwrap()), "{wait}");
        let audit = self.gateway.audit();
        let last: Value = serde_json::from_str(audit.lines().last().unwrap()).unwrap();
        let reason = format!("rate_limited: {}", subject.replace(' ', "_"));
        assert_eq!(last["reason"], reason.as_str());
        assert_eq!(last["ls"], ls);
    }
}

#[tokio::test]
async fn neither_a_linked_service_nor_a_host_is_tried_without_end() {
    let gateway = ScratchGateway::new().await;
    let asked = Asked { gateway };
    // Whatever the host, and under as many tickets as anybody has.
    asked.tests("orders", "localhost", 20).await;
    asked.tests("orders", "127.0.0.1", 20).await;
    asked
        .assert_refused("orders", "localhost", "linked service")
        .await;
    asked
        .assert_refused("orders", "127.0.0.2", "linked service")
        .await;
    // What was refused has not counted. Whatever the linked service, the port, and how the host is spelled.
    asked.tests("customers", "LOCALHOST:5433", 20).await;
    asked.tests("stock", "LocalHost:5434", 20).await;
    asked.assert_refused("prices", "localhost", "host").await;
    asked
        .assert_refused("prices", "Localhost:5435", "host")
        .await;
    asked.tests("prices", "127.0.0.1", 1).await;
}
