use super::*;
use std::time::Instant;

/// A program of the shell whose loop body sees `$run` and `$line`.
fn program(body: &str) -> Program {
    let take_run = "run=${line#*:}; run=${run%%,*}";
    Program {
        command: format!("while read -r line; do {take_run}; {body}; done"),
        time_limit: Duration::from_secs(20),
        inputs: vec!["x".into()],
        outputs: vec!["y".into()],
        draws: Draws::new(1, 1),
    }
}

fn outcomes(program: &Program, runs: std::ops::Range<u64>) -> Vec<Outcome> {
    let cancel = AtomicBool::new(false);
    let pool = Pool::new(program, &cancel);
    runs.map(|run| pool.run(run, &[run as f64 / 2.0])).collect()
}

fn failure(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Failed(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_process_answers_run_after_run() {
    // $$ is the process: it is the same in every answer.
    let answers = outcomes(&program(r#"echo "{\"run\":$run,\"y\":$$}""#), 3..6);
    assert!(matches!(answers[0], Outcome::Answered(_)), "{answers:?}");
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[test]
fn inputs_and_seed_arrive_as_json() {
    let echo = program(r#"echo "{\"run\":$run,\"error\":\"${line##*,}\"}" | tr -d '}' | sed 's/$/}/; s/"x"/x/'"#);
    let answers = outcomes(&echo, 3..4);
    assert_eq!(failure(&answers[0]), "model: x:1.5");
}

#[test]
fn what_is_wrong_with_an_answer_is_the_runs_own_failure() {
    for (body, wanted) in [
        (r#"echo "{\"run\":$run,\"z\":1}""#, "missing output: 'y' is not among z"),
        (r#"echo "{\"run\":$run,\"y\":NaN}""#, "not finite: an output is NaN or infinite"),
        (r#"echo "{\"run\":$run,\"y\":1e999}""#, "bad answer: not JSON"),
        (r#"echo "{\"run\":$run,\"y\":null}""#, "not finite: 'y' is null"),
        (r#"echo "{\"run\":$run,\"y\":\"2\"}""#, "bad answer: 'y' is no number"),
        (r#"echo "{\"run\":99,\"y\":1}""#, "bad answer: of run 99"),
        (r#"echo "{\"y\":1}""#, "bad answer: without its run"),
        (r#"echo "[1, 2]""#, "bad answer: no object"),
        (r"echo starting up", "bad answer: not JSON: starting up"),
        (r#"echo "{\"run\":$run,\"error\":\"no root\"}""#, "model: no root"),
        (r"echo out of luck >&2; exit 3", "crashed: exit status: 3: out of luck"),
        (r"kill -9 $$", "crashed: signal: 9"),
    ] {
        let answers = outcomes(&program(body), 0..2);
        for answer in &answers {
            assert!(failure(answer).starts_with(wanted), "{body}: {answer:?}");
        }
    }
}

#[test]
fn a_failure_does_not_touch_the_runs_around_it() {
    let body = r#"if [ "$run" = 2 ]; then exit 1; else echo "{\"run\":$run,\"y\":$run}"; fi"#;
    let answers = outcomes(&program(body), 0..5);
    for (run, answer) in answers.iter().enumerate().filter(|(run, _)| *run != 2) {
        assert_eq!(*answer, Outcome::Answered(vec![run as f64]));
    }
    assert!(failure(&answers[2]).starts_with("crashed: exit status: 1"));
}

#[test]
fn a_program_that_answers_once_and_ends_is_started_anew_for_each_run() {
    let answers = outcomes(&program(r#"echo "{\"run\":$run,\"y\":$run}"; exit 0"#), 0..4);
    assert!((0..4).all(|run| answers[run] == Outcome::Answered(vec![run as f64])), "{answers:?}");
}

#[test]
fn a_hanging_run_is_ended_with_all_that_it_started() {
    let marker = std::env::temp_dir().join(format!("explore-hang-{}", std::process::id()));
    let _ = std::fs::remove_file(&marker);
    // A child of the child that would leave a mark if it lived on.
    let mut hanging = program(&format!("(sleep 2; echo alive > {}) & wait", marker.display()));
    hanging.time_limit = Duration::from_millis(200);
    let begun = Instant::now();
    let answers = outcomes(&hanging, 0..1);
    assert_eq!(failure(&answers[0]), "timeout: no answer within 200ms");
    assert!(begun.elapsed() < Duration::from_secs(2));
    std::thread::sleep(Duration::from_millis(2200));
    assert!(!marker.exists(), "a grandchild lived on");
}

#[test]
fn a_command_that_is_not_there_is_hopeless() {
    let mut absent = program("true");
    absent.command = "no-such-program-as-this --fast".into();
    assert!(matches!(&outcomes(&absent, 0..1)[0], Outcome::Hopeless(words) if words.contains("127")));
}

#[test]
fn a_cancelled_run_is_neither_an_answer_nor_a_failure() {
    let slow = program("sleep 30");
    let cancel = AtomicBool::new(false);
    let pool = Pool::new(&slow, &cancel);
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(100));
            cancel.store(true, Ordering::SeqCst);
        });
        pool.run(0, &[1.0])
    });
    assert_eq!(outcome, Outcome::Cancelled);
}

#[test]
fn keys_that_are_no_output_are_told() {
    let chatty = program(r#"echo "{\"run\":$run,\"y\":1,\"iterations\":12}""#);
    let cancel = AtomicBool::new(false);
    let pool = Pool::new(&chatty, &cancel);
    assert_eq!(pool.run(0, &[1.0]), Outcome::Answered(vec![1.0]));
    assert_eq!(pool.ignored(), ["iterations"]);
}
