/** Source: DICOM PS3.3, C.7.3.1.1.1 (Modality), defined terms and retired ones. */
const TERMS = new Set(
  (
    "ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DG DMS DOC DX ECG EEG EMG EOG EPS ES FID GM HC HD IO IOL IVOCT " +
    "IVUS KER KO LEN LS M3D MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG " +
    "RTDOSE RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA " +
    "XA XAPROTOCOL XC AS CD CF CP CS DD DF DM DS EC FA FS LP MA MS OPR ST VF"
  ).split(" "),
);

/** Whether a Modality is one of DICOM's terms. Any other text may be of the patient, and is not repeated. */
export function isModalityTerm(modality: string): boolean {
  return TERMS.has(modality);
}
