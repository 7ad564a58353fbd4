use super::*;
use crate::{
    design::{Kind, Scheme},
    distribution::Form,
};
use proptest::prelude::*;
use std::{collections::BTreeMap, fs, path::PathBuf};

fn scratch(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("explore-store-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

fn manifest(runs: u64) -> Manifest {
    let input = |name: &str| Input {
        name: name.into(),
        unit: "m".into(),
        distribution: Some(Form { low: Some(0.0), high: Some(1.0), ..Form::of("uniform") }),
        levels: Vec::new(),
    };
    Manifest {
        schema: Manifest::SCHEMA.into(),
        design: Scheme::fit(Kind::LatinHypercube, runs, 2, 3).unwrap(),
        shard: None,
        inputs: vec![input("x"), input("y")],
        alternatives: vec!["low".into(), "high".into()],
        outputs: vec![Output { name: "cost".into(), unit: "USD".into() }],
        about: BTreeMap::from([("version".into(), "1".into())]),
    }
}

/// The runs of the tests: each seventh fails.
fn write(mut writer: Writer, manifest: &Manifest, stop_before: u64, commit_every: u64) -> Writer {
    let points = manifest.design.points(2).unwrap();
    let mut point = [0.0; 2];
    for run in writer.to_come() {
        if run == stop_before {
            break;
        }
        points.fill(run, &mut point);
        let outputs = [point[0] + point[1], point[0] * point[1]];
        let outcome = if run % 7 == 3 { Err("did not \"converge\", twice") } else { Ok(&outputs[..]) };
        writer.push(run, &manifest.line(run, &point, outcome)).unwrap();
        if run % commit_every == 0 {
            writer.commit().unwrap();
        }
    }
    writer
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())).collect()
}

fn whole(name: &str, manifest: &Manifest) -> PathBuf {
    let target = scratch(name);
    let working = target.with_extension("partial");
    let _ = fs::remove_dir_all(&working);
    let writer = write(Writer::create(&working, manifest).unwrap(), manifest, u64::MAX, 11);
    writer.finish(&target).unwrap();
    assert!(!working.exists());
    target
}

#[test]
fn what_is_written_is_read_back() {
    let manifest = manifest(50);
    let folder = whole("back", &manifest);
    let names: Vec<String> = files(&folder).into_keys().collect();
    assert_eq!(names, ["blocks.csv", "manifest.json", "runs.csv"]);
    let table = Table::read(&folder).unwrap();
    assert_eq!((table.rows(), table.failed.len(), table.alternatives()), (50, 7, 2));
    assert_eq!(table.failed[0], Failed { run: 3, reason: "did not \"converge\", twice".into() });
    assert!(table.output(0, 0)[3].is_nan());
    let (x, y) = (table.input_named("x").unwrap(), table.input_named("y").unwrap());
    for row in table.succeeded() {
        assert_eq!(table.output(0, 0)[row], table.input(x)[row] + table.input(y)[row]);
        assert_eq!(table.output(1, 0)[row], table.input(x)[row] * table.input(y)[row]);
    }
    assert_eq!(table.succeeded().count(), 43);
    let some = Table::read_columns(&folder, |header| header == "high/cost").unwrap();
    assert_eq!((some.output(1, 0).len(), some.output(0, 0).len(), some.input(0).len()), (50, 0, 0));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_writer_that_dies_anywhere_goes_on_to_the_same_bytes() {
    let manifest = manifest(60);
    let target = whole("unbroken", &manifest);
    let wanted = files(&target);
    let table = wanted[RUNS].len();
    // Cut the table and the journal anywhere, as a kill or a full disk would; some bytes may even be wrong.
    for (stop, cut, journal_cut, spoil) in [
        (1, 0, 0, false),
        (30, 0, 0, false),
        (30, 1, 0, false),
        (45, 17, 3, false),
        (45, 0, 1, false),
        (45, 200, 0, true),
    ] {
        let folder = scratch("broken").with_extension("partial");
        let _ = fs::remove_dir_all(&folder);
        drop(write(Writer::create(&folder, &manifest).unwrap(), &manifest, stop, 5));
        let shorten = |name: &str, by: usize| {
            let bytes = fs::read(folder.join(name)).unwrap();
            fs::write(folder.join(name), &bytes[..bytes.len() - by]).unwrap();
        };
        shorten(RUNS, cut);
        shorten(JOURNAL, journal_cut);
        if spoil {
            let mut bytes = fs::read(folder.join(RUNS)).unwrap();
            let last = bytes.len() - 5;
            bytes[last] = b'#';
            fs::write(folder.join(RUNS), bytes).unwrap();
        }
        let writer = Writer::resume(&folder, &manifest).unwrap();
        assert!(writer.to_come().start <= stop && writer.progress().runs == writer.to_come().start);
        let progress = write(writer, &manifest, u64::MAX, 3).finish(&folder).unwrap();
        assert_eq!((progress.runs, progress.failures()), (60, 9));
        assert!(files(&folder) == wanted, "stopped at {stop} of a table of {table} bytes");
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::remove_dir_all(target).unwrap();
}

#[test]
fn a_writer_that_dies_before_its_first_block_begins_anew() {
    let manifest = manifest(20);
    let target = whole("first", &manifest);
    let wanted = files(&target);
    for (table, journal) in [(None, ""), (Some(""), ""), (Some("run,x"), "first_run"), (Some("run,x,y,low"), "")] {
        let folder = scratch("early").with_extension("partial");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(MANIFEST), manifest.text()).unwrap();
        fs::write(folder.join(JOURNAL), journal).unwrap();
        if let Some(table) = table {
            fs::write(folder.join(RUNS), table).unwrap();
        }
        let writer = Writer::resume(&folder, &manifest).unwrap();
        write(writer, &manifest, u64::MAX, 3).finish(&folder).unwrap();
        assert!(files(&folder) == wanted, "{table:?} {journal}");
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::remove_dir_all(target).unwrap();
}

#[test]
fn two_writers_do_not_share_a_folder_and_another_study_is_not_gone_on_with() {
    let folder = scratch("shared");
    let first = Writer::create(&folder, &manifest(20)).unwrap();
    assert_eq!(Writer::resume(&folder, &manifest(20)).unwrap_err().code, "in_use");
    assert_eq!(Writer::create(&folder, &manifest(20)).unwrap_err().code, "in_use");
    drop(first);
    let mut other = manifest(20);
    other.design.seed = 4;
    other.about.insert("version".into(), "2".into());
    let error = Writer::resume(&folder, &other).unwrap_err();
    assert_eq!(error.code, "other_study");
    assert!(error.message.contains("seed: 3, not 4") && error.message.contains("version: 1, not 2"), "{error}");
    fs::remove_dir_all(folder).unwrap();
}

fn shards(of: u64, manifest: &Manifest) -> Vec<PathBuf> {
    let shard = |index: u64| {
        let part = Manifest { shard: Some(format!("{index}/{of}").parse().unwrap()), ..manifest.clone() };
        whole(&format!("shard-{index}-{of}"), &part)
    };
    (1..=of).map(shard).collect()
}

#[test]
fn shards_merge_to_the_bytes_of_one_piece_in_whatever_order_they_are_given() {
    // Enough for blocks that begin and end inside a shard.
    let manifest = manifest(10_000);
    let target = whole("one-piece", &manifest);
    let parts = shards(3, &manifest);
    let order: Vec<&Path> = [2, 0, 1].map(|index: usize| parts[index].as_path()).to_vec();
    let merged = scratch("merged");
    let progress = merge(&order, &merged.with_extension("partial")).unwrap().finish(&merged).unwrap();
    assert_eq!((progress.runs, progress.failures()), (10_000, 1429));
    assert_eq!(progress.failed.keys().collect::<Vec<_>>(), ["did not \"converge\", twice"]);
    assert!(files(&merged) == files(&target));
    for folder in parts.iter().chain([&merged, &target]) {
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn shards_that_do_not_make_a_study_are_refused_with_every_reason() {
    let parts = shards(4, &manifest(40));
    let out = scratch("refused");
    let messages = |given: &[&Path]| -> String {
        let errors = merge(given, &out).unwrap_err();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let [one, two, three, four] = [0, 1, 2, 3].map(|index: usize| parts[index].as_path());
    assert!(messages(&[one, four]).contains("shards are missing: 2/4, 3/4"));
    assert!(messages(&[one, two, three, four, one]).contains("is shard 1/4, and so is"));
    let mut other = manifest(40);
    other.shard = Some("1/4".parse().unwrap());
    other.inputs[0].name = "z".into();
    let foreign = whole("foreign", &other);
    let said = messages(&[one, two, three, &foreign]);
    assert!(said.contains("inputs: z y, not x y") && said.contains("is shard 1/4, and so is"), "{said}");
    let complete = whole("complete", &manifest(40));
    assert!(messages(&[&complete]).contains("nothing to merge"));
    assert!(messages(&[one, Path::new("/nowhere")]).contains("there is no manifest.json"));
    assert!(!out.exists());
    for folder in parts.iter().chain([&foreign, &complete]) {
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
#[cfg(feature = "parquet")]
fn parquet_holds_what_the_table_holds() {
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::RowAccessor,
    };
    let manifest = manifest(9_000);
    let folder = whole("parquet", &manifest);
    write_parquet(&folder).unwrap();
    let table = Table::read(&folder).unwrap();
    let reader = SerializedFileReader::new(fs::File::open(folder.join(PARQUET)).unwrap()).unwrap();
    let about = reader.metadata().file_metadata();
    let names: Vec<String> = about.schema_descr().columns().iter().map(|column| column.name().to_string()).collect();
    assert_eq!(names, manifest.headers());
    assert!(about.key_value_metadata().unwrap().iter().any(|pair| pair.value.as_deref() == Some(&manifest.text())));
    let mut rows = 0;
    for (row, record) in reader.get_row_iter(None).unwrap().enumerate() {
        let record = record.unwrap();
        assert_eq!(record.get_long(0).unwrap() as u64, table.runs[row]);
        assert_eq!(record.get_double(2).unwrap(), table.input(1)[row]);
        let failed = table.output(1, 0)[row].is_nan();
        assert_eq!(record.get_double(4).ok(), (!failed).then(|| table.output(1, 0)[row]));
        assert_eq!(record.get_string(5).is_ok(), failed);
        rows += 1;
    }
    assert_eq!(rows, 9_000);
    fs::remove_dir_all(folder).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_table_that_was_changed_is_not_read(at in 0.0..1.0f64, byte in b'0'..=b'9') {
        let manifest = manifest(30);
        let folder = whole("changed", &manifest);
        let mut bytes = fs::read(folder.join(RUNS)).unwrap();
        let at = (at * bytes.len() as f64) as usize;
        let same = bytes[at] == byte;
        bytes[at] = byte;
        fs::write(folder.join(RUNS), &bytes).unwrap();
        prop_assert_eq!(Table::read(&folder).is_ok(), same);
        fs::write(folder.join(RUNS), &bytes[..at]).unwrap();
        prop_assert_eq!(Table::read(&folder).unwrap_err().code, "damaged");
        fs::remove_dir_all(folder).unwrap();
    }
}
