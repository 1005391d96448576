//! Columns of Parquet files, row group after row group; with the feature `parquet`.
//!
//! A row is a frame. Whole and real numbers are read, a number that is missing is none; nested columns and words are not.

use std::fs::File;
use std::sync::Arc;

use parquet::basic::Type;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::fault::{fault, grouped};
use super::pace::Rounding;
use super::reading::Format;
use super::rows::{Asked, BLOCK, Block, Counted, Label, Layout, Rows};
use crate::error::Result;

/// A file whose columns are known.
pub(super) struct Parquet {
    name: String,
    reader: Arc<SerializedFileReader<File>>,
}

impl Parquet {
    pub(super) fn new(name: &str, file: File) -> Result<Self> {
        let reader = SerializedFileReader::new(file).map_err(|error| {
            let what = format!("the file is no complete Parquet file: {error}");
            fault(name, what, Some("was it cut while it was written?"))
        })?;
        Ok(Self {
            name: name.to_owned(),
            reader: Arc::new(reader),
        })
    }

    pub(super) fn layout(&self) -> Layout {
        let metadata = self.reader.metadata().file_metadata();
        let columns = metadata.schema_descr().columns().iter();
        Layout {
            file: self.name.clone(),
            format: Format::Parquet,
            columns: columns
                .map(|column| Label::parsed(&column.path().string()))
                .collect(),
            time: None,
            step: None,
            time_unit: None,
            counted: Counted::Rows,
            rows: metadata.num_rows().max(0) as u64,
            notes: Vec::new(),
        }
    }

    pub(super) fn rows(self, asked: Asked<'_>) -> Result<ParquetRows> {
        let layout = self.layout();
        let metadata = self.reader.metadata().file_metadata();
        let mut rounding = Rounding::default();
        for (place, column) in asked.columns.iter().enumerate() {
            let described = metadata.schema_descr().column(*column);
            let refuse = |what: &str| {
                fault(
                    &self.name,
                    format!("{} holds {what}", layout.called(*column)),
                    Some("choose another column"),
                )
            };
            if described.max_rep_level() > 0 {
                return Err(refuse("lists, expected a number in each row"));
            }
            match described.physical_type() {
                Type::DOUBLE | Type::INT32 | Type::INT64 => {}
                Type::FLOAT => {
                    if asked.time == Some(place) {
                        rounding = Rounding::SINGLE;
                    }
                }
                _ => return Err(refuse("no numbers")),
            }
        }
        Ok(ParquetRows {
            all: layout.rows,
            file: self,
            asked: asked.columns.to_vec(),
            rounding,
            next_group: 0,
            columns: Vec::new(),
            row: 0,
        })
    }
}

/// The rows of a file.
pub(super) struct ParquetRows {
    file: Parquet,
    asked: Vec<usize>,
    rounding: Rounding,
    next_group: usize,
    /// Of the current group, with how often a value may be missing on the way to it.
    columns: Vec<(ColumnReader, i16)>,
    row: u64,
    all: u64,
}

impl ParquetRows {
    fn broken(&self, error: &parquet::errors::ParquetError) -> crate::Error {
        fault(
            &self.file.name,
            format!(
                "row {} and what follows cannot be read: {error}",
                grouped(self.row)
            ),
            Some("was the file damaged, or is it compressed in a way that is not read?"),
        )
    }

    /// Opens the columns of the next group; false after the last.
    fn open_group(&mut self) -> Result<bool> {
        if self.next_group >= self.file.reader.num_row_groups() {
            return Ok(false);
        }
        let group = self
            .file
            .reader
            .get_row_group(self.next_group)
            .map_err(|error| self.broken(&error))?;
        let schema = self.file.reader.metadata().file_metadata().schema_descr_ptr();
        let opened: std::result::Result<Vec<_>, _> = self
            .asked
            .iter()
            .map(|column| {
                Ok((
                    group.get_column_reader(*column)?,
                    schema.column(*column).max_def_level(),
                ))
            })
            .collect();
        self.columns = opened.map_err(|error| self.broken(&error))?;
        self.next_group += 1;
        Ok(true)
    }
}

impl Rows for ParquetRows {
    fn next(&mut self, block: &mut Block) -> Result<()> {
        block.first = self.row;
        block.begins = self.row == 0;
        block.rounding = self.rounding;
        loop {
            if self.columns.is_empty() && !self.open_group()? {
                return Ok(());
            }
            let mut columns = std::mem::take(&mut self.columns);
            for ((reader, level), out) in columns.iter_mut().zip(&mut block.columns) {
                let read = match reader {
                    ColumnReader::DoubleColumnReader(reader) => numbers(reader, *level, out, |x| *x),
                    ColumnReader::FloatColumnReader(reader) => {
                        numbers(reader, *level, out, |x| f64::from(*x))
                    }
                    ColumnReader::Int32ColumnReader(reader) => {
                        numbers(reader, *level, out, |x| f64::from(*x))
                    }
                    ColumnReader::Int64ColumnReader(reader) => numbers(reader, *level, out, |x| *x as f64),
                    // others were refused when the rows were asked for
                    _ => Ok(()),
                };
                read.map_err(|error| self.broken(&error))?;
            }
            let rows = block.rows();
            if rows > 0 {
                self.columns = columns;
                self.row += rows as u64;
                return Ok(());
            }
        }
    }

    fn done(&self) -> f64 {
        self.row as f64 / (self.all.max(1)) as f64
    }
}

/// The next numbers of a column, NaN where one is missing.
fn numbers<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    level: i16,
    out: &mut Vec<f64>,
    number: impl Fn(&T::T) -> f64,
) -> parquet::errors::Result<()> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    reader.read_records(BLOCK, Some(&mut levels), None, &mut values)?;
    if level == 0 {
        out.extend(values.iter().map(number));
        return Ok(());
    }
    let mut present = values.iter();
    out.extend(levels.iter().map(|found| {
        if *found == level {
            present.next().map_or(f64::NAN, &number)
        } else {
            f64::NAN
        }
    }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::basic::Compression;
    use parquet::data_type::{DoubleType, FloatType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use crate::trajectories::{Gaps, Reading, Time, read};
    use irrev_numerics::Run;

    /// Frames 0.0, 0.5, … of x = k², y = −k with y missing at 700, in groups of 400.
    fn written(path: &std::path::Path, compression: Compression) {
        let schema =
            "message m { required double time; required float x; optional double y; required int64 n; }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
        let mut writer =
            SerializedFileWriter::new(std::fs::File::create(path).unwrap(), schema, properties).unwrap();
        for group in 0..3 {
            let range = group * 400..(group + 1) * 400;
            let mut columns = writer.next_row_group().unwrap();
            let times: Vec<f64> = range.clone().map(|k| 0.5 * f64::from(k)).collect();
            let mut column = columns.next_column().unwrap().unwrap();
            column
                .typed::<DoubleType>()
                .write_batch(&times, None, None)
                .unwrap();
            column.close().unwrap();
            let x: Vec<f32> = range.clone().map(|k| (k * k) as f32).collect();
            let mut column = columns.next_column().unwrap().unwrap();
            column.typed::<FloatType>().write_batch(&x, None, None).unwrap();
            column.close().unwrap();
            let levels: Vec<i16> = range.clone().map(|k| i16::from(k != 700)).collect();
            let y: Vec<f64> = range
                .clone()
                .filter(|k| *k != 700)
                .map(|k| -f64::from(k))
                .collect();
            let mut column = columns.next_column().unwrap().unwrap();
            column
                .typed::<DoubleType>()
                .write_batch(&y, Some(&levels), None)
                .unwrap();
            column.close().unwrap();
            let n: Vec<i64> = range.map(i64::from).collect();
            let mut column = columns.next_column().unwrap().unwrap();
            column.typed::<Int64Type>().write_batch(&n, None, None).unwrap();
            column.close().unwrap();
            columns.close().unwrap();
        }
        writer.close().unwrap();
    }

    #[test]
    fn columns_come_back_whatever_the_compression() {
        let folder = tempfile::tempdir().unwrap();
        for (k, compression) in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::ZSTD(Default::default()),
        ]
        .into_iter()
        .enumerate()
        {
            let path = folder.path().join(format!("{k}.parquet"));
            written(&path, compression);
            let reading = Reading {
                coordinates: vec!["x".into(), "n".into()],
                ..Reading::default()
            };
            let found = read(&[path.clone()], &reading, &Run::default()).unwrap();
            let record = found.record().unwrap();
            assert_eq!(record.frames(), 1200);
            let segment = &record.segments()[0];
            assert_eq!(segment.positions(0).unwrap()[1199], 1199.0 * 1199.0);
            assert_eq!(segment.positions(1).unwrap()[1199], 1199.0);
        }
    }

    #[test]
    fn a_missing_number_is_told_or_ends_a_trajectory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gap.parquet");
        written(&path, Compression::SNAPPY);
        let reading = Reading {
            coordinates: vec!["y".into()],
            time: Time::Automatic,
            ..Reading::default()
        };
        let error = read(&[path.clone()], &reading, &Run::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains("row 700") && error.contains("`y`"), "{error}");
        let split = Reading {
            gaps: Gaps::Split,
            ..reading
        };
        let found = read(&[path.clone()], &split, &Run::default()).unwrap();
        assert_eq!(found.record().unwrap().segments().len(), 2);
    }

    #[test]
    fn what_is_cut_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.parquet");
        written(&path, Compression::SNAPPY);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let error = read(&[path.clone()], &Reading::default(), &Run::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains("no complete Parquet file"), "{error}");
    }
}
