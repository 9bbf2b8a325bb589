//! A page that is open hears when its case has changed, and nobody hears who may not read it.

use axum::{
    body::Body,
    http::{Request, header},
    response::Response,
};
use http_body_util::BodyExt;
use quorate::web::case::live::Places;

use super::browser::{Browser, Story};
use crate::harness::{TestDb, on_both};

on_both!(an_open_page_hears_of_a_vote, an_open_page_hears_of_a_mail);

/// What the page says of how far the case has come.
async fn stand(story: &Story, reader: &Browser) -> String {
    let page = story.open(reader, "").await.body;
    let (_, rest) = page.split_once("data-stand=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn listen(story: &Story, reader: &Browser, seen: &str) -> Response {
    let request = Request::get(format!("/cases/{}/live?seen={seen}", story.case))
        .header(header::ACCEPT, "text/event-stream")
        .header(header::COOKIE, format!("quorate={}", reader.token));
    story.house.answer(request.body(Body::empty()).unwrap()).await
}

/// What comes next, or nothing once the stream has ended.
async fn next(stream: &mut Response) -> Option<String> {
    let frame = stream.body_mut().frame().await?.unwrap();
    Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
}

/// A stream that has said that there is nothing new.
async fn quiet(story: &Story, reader: &Browser) -> Response {
    let mut stream = listen(story, reader, &stand(story, reader).await).await;
    assert_eq!(stream.status(), 200);
    assert_eq!(next(&mut stream).await.unwrap(), ": \n\n");
    stream
}

async fn hears(story: &Story, reader: &Browser, mut stream: Response) {
    let told = next(&mut stream).await.unwrap();
    assert_eq!(told, format!("event: stand\ndata: {}\n\n", stand(story, reader).await));
}

async fn an_open_page_hears_of_a_vote(test: TestDb) {
    let story = Story::opened(test).await;
    let cleo = story.browser("Cleo Costa").await;
    let stream = quiet(&story, &cleo).await;
    for (name, value) in
        [("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no")]
    {
        assert_eq!(stream.headers()[name], value);
    }
    story.vote("Ben Bauer", "approve").await;
    hears(&story, &cleo, stream).await;
}

async fn an_open_page_hears_of_a_mail(test: TestDb) {
    let story = Story::opened(test).await;
    let cleo = story.browser("Cleo Costa").await;
    let stream = quiet(&story, &cleo).await;
    story.work().await;
    hears(&story, &cleo, stream).await;
}

#[tokio::test]
async fn whoever_comes_late_hears_at_once() {
    let story = Story::opened(TestDb::sqlite().await).await;
    let cleo = story.browser("Cleo Costa").await;
    let seen = stand(&story, &cleo).await;
    story.vote("Ben Bauer", "approve").await;
    for seen in [seen.as_str(), "", "nonsense"] {
        let stream = listen(&story, &cleo, seen).await;
        hears(&story, &cleo, stream).await;
    }
}

#[tokio::test]
async fn who_may_not_read_the_case_hears_nothing() {
    let story = Story::opened(TestDb::sqlite().await).await;
    let nobody = listen(&story, &Browser { token: "nonsense".to_owned() }, "").await;
    assert_eq!(nobody.status(), 303);
    assert!(nobody.headers()[header::LOCATION].to_str().unwrap().starts_with("/sign-in?next=/cases/"));
    story.house.invite("Ben Bauer", "Emil Ek").await;
    story.house.accept("Emil Ek").await;
    let emil = story.browser("Emil Ek").await;
    let removed = format!("/v1/accounts/{}/members/{}", story.house.account, story.house.user("Emil Ek").await);
    let olga = story.house.proven("Olga Orlova").await;
    assert_eq!(story.house.call("DELETE", &removed, &olga, None).await.status, 204);
    assert_eq!(listen(&story, &emil, "").await.status(), 404);
}

#[tokio::test]
async fn pages_that_listen_leave_the_server_to_others() {
    let mut story = Story::opened(TestDb::sqlite().await).await;
    story.house.crowded(Places::among(8));
    let cleo = story.browser("Cleo Costa").await;
    let first = quiet(&story, &cleo).await;
    let _second = quiet(&story, &cleo).await;
    assert_eq!(listen(&story, &cleo, "").await.status(), 204, "no browser asks again after that");
    drop(first);
    quiet(&story, &cleo).await;
}

#[tokio::test]
async fn a_service_that_stops_lets_go_of_pages() {
    let story = Story::opened(TestDb::sqlite().await).await;
    let cleo = story.browser("Cleo Costa").await;
    let mut stream = quiet(&story, &cleo).await;
    story.house.site.pulse.stopping();
    assert_eq!(next(&mut stream).await, None);
}
