//! The story's HTTP client: it knows no more of the service than any other program does.

use anyhow::{Context, bail};
use reqwest::{Client as Http, Method, RequestBuilder, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;

/// Speaks the API.
#[derive(Clone)]
pub struct Client {
    http: Http,
    base: String,
}

/// What the service answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body; null when there was none.
    pub body: Value,
    call: String,
}

impl Client {
    /// For the service at that address.
    pub fn new(base: &str) -> anyhow::Result<Self> {
        // It speaks with this machine only, and still wants to know whose TLS it would be; a second answer changes nothing.
        drop(rustls::crypto::ring::default_provider().install_default());
        Ok(Self { http: Http::builder().no_proxy().build()?, base: base.to_owned() })
    }

    /// Makes a call.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> anyhow::Result<Answer> {
        let call = format!("{method} {path}");
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Self::answered(call, request).await
    }

    async fn answered(call: String, request: RequestBuilder) -> anyhow::Result<Answer> {
        let response = request.send().await.with_context(|| format!("`{call}` got no answer"))?;
        let status = response.status();
        let text = response.text().await?;
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? };
        Ok(Answer { status, body, call })
    }

    /// Reads something.
    pub async fn get(&self, path: &str, token: &str) -> anyhow::Result<Answer> {
        self.call(Method::GET, path, Some(token), None).await
    }

    /// Brings a mail in, as it came.
    pub async fn bring(&self, path: &str, token: &str, mail: Vec<u8>) -> anyhow::Result<Answer> {
        let request = self.http.post(format!("{}{path}", self.base)).bearer_auth(token);
        Self::answered(format!("POST {path}"), request.header(CONTENT_TYPE, "message/rfc822").body(mail)).await
    }

    /// Posts something.
    pub async fn post(&self, path: &str, token: Option<&str>, body: Value) -> anyhow::Result<Answer> {
        self.call(Method::POST, path, token, Some(body)).await
    }
}

impl Answer {
    /// The body, if the call went well.
    pub fn good(self) -> anyhow::Result<Value> {
        if !self.status.is_success() {
            bail!("`{}` was answered {}: {}", self.call, self.status, self.body);
        }
        Ok(self.body)
    }

    /// The sentence of the refusal, if the call was refused just so.
    pub fn refused(self, status: StatusCode, code: &str) -> anyhow::Result<String> {
        if self.status != status || self.body.get("code").and_then(Value::as_str) != Some(code) {
            bail!(
                "`{}` should be refused with {status} `{code}`, but was answered {}: {}",
                self.call,
                self.status,
                self.body
            );
        }
        text(&self.body, "/detail")
    }
}

/// A part of an answer.
pub fn part<'b>(body: &'b Value, pointer: &str) -> anyhow::Result<&'b Value> {
    body.pointer(pointer).with_context(|| format!("the answer has nothing at `{pointer}`: {body}"))
}

/// A text in an answer.
pub fn text(body: &Value, pointer: &str) -> anyhow::Result<String> {
    let value = body.pointer(pointer).and_then(Value::as_str);
    value.map(str::to_owned).with_context(|| format!("the answer has no text at `{pointer}`: {body}"))
}

/// A number in an answer.
pub fn number(body: &Value, pointer: &str) -> anyhow::Result<u64> {
    let value = body.pointer(pointer).and_then(Value::as_u64);
    value.with_context(|| format!("the answer has no number at `{pointer}`: {body}"))
}
